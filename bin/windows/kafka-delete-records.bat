@echo off
call "%~dp0barnabas.bat" kafka-delete-records %*
exit /b %ERRORLEVEL%
