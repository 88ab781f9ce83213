@echo off
call "%~dp0barnabas.bat" kafka-replica-verification %*
exit /b %ERRORLEVEL%
