@echo off
call "%~dp0barnabas.bat" kafka-topics %*
exit /b %ERRORLEVEL%
