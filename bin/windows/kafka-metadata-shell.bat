@echo off
call "%~dp0barnabas.bat" kafka-metadata-shell %*
exit /b %ERRORLEVEL%
