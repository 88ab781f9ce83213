@echo off
rem Runs barnabas; builds it on first use.
setlocal
for %%i in ("%~dp0..\..") do set BARNABAS_HOME=%%~fi
set EXE=%BARNABAS_HOME%\libexec\barnabas.exe
if exist "%EXE%" goto run
set EXE=%BARNABAS_HOME%\.build\cli\windows\barnabas.exe
if exist "%EXE%" goto run
echo Building barnabas; this happens on first use and takes about a minute ... 1>&2
dotnet publish "%BARNABAS_HOME%\src\Barnabas.Cli" -c Release -r win-x64 --self-contained false -p:PublishReadyToRun=true -p:DebugType=none -p:RunAnalyzers=false -v q -nologo --artifacts-path "%BARNABAS_HOME%\.build\cli\obj" -o "%BARNABAS_HOME%\.build\cli\windows" 1>&2 || exit /b 1
:run
if "%1"=="kafka-server-start" if "%DOTNET_TC_CallCountThreshold%"=="" set DOTNET_TC_CallCountThreshold=400
if "%LOG_DIR%"=="" set LOG_DIR=%BARNABAS_HOME%\logs
if "%1"=="demo" goto web
if "%1"=="fms" if "%2"=="simulator" goto web
if "%1"=="fms" if "%2"=="figures" goto web
if "%1"=="fms" if "%2"=="drill" goto web
"%EXE%" %*
exit /b %ERRORLEVEL%
:web
dotnet exec --runtimeconfig "%EXE:.exe=.web.runtimeconfig.json%" "%EXE:.exe=.dll%" %*
exit /b %ERRORLEVEL%
