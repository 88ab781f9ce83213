@echo off
call "%~dp0barnabas.bat" connect-plugin-path %*
exit /b %ERRORLEVEL%
