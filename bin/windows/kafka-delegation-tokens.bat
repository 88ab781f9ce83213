@echo off
call "%~dp0barnabas.bat" kafka-delegation-tokens %*
exit /b %ERRORLEVEL%
