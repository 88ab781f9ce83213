@echo off
call "%~dp0barnabas.bat" kafka-features %*
exit /b %ERRORLEVEL%
