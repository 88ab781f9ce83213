@echo off
call "%~dp0barnabas.bat" kafka-console-producer %*
exit /b %ERRORLEVEL%
