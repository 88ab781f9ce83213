@echo off
call "%~dp0barnabas.bat" kafka-jmx %*
exit /b %ERRORLEVEL%
