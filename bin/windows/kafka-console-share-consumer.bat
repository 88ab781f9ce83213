@echo off
call "%~dp0barnabas.bat" kafka-console-share-consumer %*
exit /b %ERRORLEVEL%
