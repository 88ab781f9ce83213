@echo off
call "%~dp0barnabas.bat" kafka-consumer-groups %*
exit /b %ERRORLEVEL%
