@echo off
call "%~dp0barnabas.bat" kafka-server-stop %*
exit /b %ERRORLEVEL%
