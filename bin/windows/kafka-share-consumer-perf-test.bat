@echo off
call "%~dp0barnabas.bat" kafka-share-consumer-perf-test %*
exit /b %ERRORLEVEL%
