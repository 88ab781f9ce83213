@echo off
call "%~dp0barnabas.bat" kafka-acls %*
exit /b %ERRORLEVEL%
