@echo off
call "%~dp0barnabas.bat" kafka-streams-application-reset %*
exit /b %ERRORLEVEL%
