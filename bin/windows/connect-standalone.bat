@echo off
call "%~dp0barnabas.bat" connect-standalone %*
exit /b %ERRORLEVEL%
