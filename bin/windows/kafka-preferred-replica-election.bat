@echo off
call "%~dp0barnabas.bat" kafka-preferred-replica-election %*
exit /b %ERRORLEVEL%
