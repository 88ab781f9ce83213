@echo off
call "%~dp0barnabas.bat" zookeeper-server-stop %*
exit /b %ERRORLEVEL%
