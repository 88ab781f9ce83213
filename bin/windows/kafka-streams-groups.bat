@echo off
call "%~dp0barnabas.bat" kafka-streams-groups %*
exit /b %ERRORLEVEL%
