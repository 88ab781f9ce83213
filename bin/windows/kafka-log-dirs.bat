@echo off
call "%~dp0barnabas.bat" kafka-log-dirs %*
exit /b %ERRORLEVEL%
