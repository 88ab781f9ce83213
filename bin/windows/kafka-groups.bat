@echo off
call "%~dp0barnabas.bat" kafka-groups %*
exit /b %ERRORLEVEL%
