@echo off
call "%~dp0barnabas.bat" kafka-server-start %*
exit /b %ERRORLEVEL%
