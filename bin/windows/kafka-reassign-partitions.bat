@echo off
call "%~dp0barnabas.bat" kafka-reassign-partitions %*
exit /b %ERRORLEVEL%
