@echo off
call "%~dp0barnabas.bat" trogdor %*
exit /b %ERRORLEVEL%
