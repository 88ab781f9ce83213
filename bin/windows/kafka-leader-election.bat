@echo off
call "%~dp0barnabas.bat" kafka-leader-election %*
exit /b %ERRORLEVEL%
