@echo off
call "%~dp0barnabas.bat" kafka-client-metrics %*
exit /b %ERRORLEVEL%
