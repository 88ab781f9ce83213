@echo off
call "%~dp0barnabas.bat" kafka-run-class %*
exit /b %ERRORLEVEL%
