@echo off
call "%~dp0barnabas.bat" kafka-storage %*
exit /b %ERRORLEVEL%
