@echo off
call "%~dp0barnabas.bat" kafka-share-groups %*
exit /b %ERRORLEVEL%
