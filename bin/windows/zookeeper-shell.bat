@echo off
call "%~dp0barnabas.bat" zookeeper-shell %*
exit /b %ERRORLEVEL%
