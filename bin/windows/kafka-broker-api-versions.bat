@echo off
call "%~dp0barnabas.bat" kafka-broker-api-versions %*
exit /b %ERRORLEVEL%
