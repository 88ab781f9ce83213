@echo off
call "%~dp0barnabas.bat" kafka-producer-perf-test %*
exit /b %ERRORLEVEL%
