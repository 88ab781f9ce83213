@echo off
call "%~dp0barnabas.bat" kafka-mirror-maker %*
exit /b %ERRORLEVEL%
