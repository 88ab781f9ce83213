@echo off
call "%~dp0barnabas.bat" zookeeper-server-start %*
exit /b %ERRORLEVEL%
