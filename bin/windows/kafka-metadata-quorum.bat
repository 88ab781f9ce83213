@echo off
call "%~dp0barnabas.bat" kafka-metadata-quorum %*
exit /b %ERRORLEVEL%
