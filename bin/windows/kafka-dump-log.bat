@echo off
call "%~dp0barnabas.bat" kafka-dump-log %*
exit /b %ERRORLEVEL%
