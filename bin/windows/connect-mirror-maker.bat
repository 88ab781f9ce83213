@echo off
call "%~dp0barnabas.bat" connect-mirror-maker %*
exit /b %ERRORLEVEL%
