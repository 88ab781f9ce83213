@echo off
call "%~dp0barnabas.bat" kafka-consumer-perf-test %*
exit /b %ERRORLEVEL%
