@echo off
call "%~dp0barnabas.bat" kafka-get-offsets %*
exit /b %ERRORLEVEL%
