@echo off
call "%~dp0barnabas.bat" kafka-cluster %*
exit /b %ERRORLEVEL%
