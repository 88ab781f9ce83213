@echo off
call "%~dp0barnabas.bat" kafka-verifiable-producer %*
exit /b %ERRORLEVEL%
