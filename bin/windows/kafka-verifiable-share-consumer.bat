@echo off
call "%~dp0barnabas.bat" kafka-verifiable-share-consumer %*
exit /b %ERRORLEVEL%
