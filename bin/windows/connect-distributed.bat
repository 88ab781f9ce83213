@echo off
call "%~dp0barnabas.bat" connect-distributed %*
exit /b %ERRORLEVEL%
