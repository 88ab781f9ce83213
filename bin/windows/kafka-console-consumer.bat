@echo off
call "%~dp0barnabas.bat" kafka-console-consumer %*
exit /b %ERRORLEVEL%
