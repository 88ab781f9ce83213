@echo off
call "%~dp0barnabas.bat" kafka-verifiable-consumer %*
exit /b %ERRORLEVEL%
