@echo off
call "%~dp0barnabas.bat" kafka-configs %*
exit /b %ERRORLEVEL%
