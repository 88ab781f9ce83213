@echo off
call "%~dp0barnabas.bat" kafka-transactions %*
exit /b %ERRORLEVEL%
