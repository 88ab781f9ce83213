@echo off
call "%~dp0barnabas.bat" kafka-e2e-latency %*
exit /b %ERRORLEVEL%
