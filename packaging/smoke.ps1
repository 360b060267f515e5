# Runs vendor-ssm.exe on a real Windows: what it can do without an account at AWS.
#
# Nobody has run this script yet: it was written where there is no Windows.
#
# -Program: the vendor-ssm.exe to run
# -Version: the version that it has to print; without it, any
param(
    [Parameter(Mandatory)] [string] $Program,
    [string] $Version = ''
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false
$Program = (Resolve-Path $Program).Path

# Runs the program and returns its standard output. Any other exit status than this one is a failure.
function Invoke-Program([int] $Status, [string[]] $Arguments) {
    $output = & $Program @Arguments
    if ($LASTEXITCODE -ne $Status) {
        throw "vendor-ssm $($Arguments -join ' ') exited with $LASTEXITCODE, expected $Status"
    }
    $output -join "`n"
}

$printed = Invoke-Program 0 @('--version')
if ($printed -notlike "vendor-ssm $Version*") { throw "--version printed: $printed" }

# A folder of settings that belongs to this user alone.
$folder = Join-Path ([IO.Path]::GetTempPath()) "vendor-ssm-$([guid]::NewGuid())"
$env:APPDATA = Join-Path $folder 'roaming'
$env:LOCALAPPDATA = Join-Path $folder 'local'
New-Item -ItemType Directory -Path $env:APPDATA, $env:LOCALAPPDATA | Out-Null
try {
    Invoke-Program 0 @(
        'customer', 'add', 'acme', '--account', '222222222222', '--region', 'us-east-1',
        '--tag-value', 'Third_Party_A',
        '--vendor-role-arn', 'arn:aws:iam::111111111111:role/vendor-ssm'
    ) | Out-Null
    $file = Join-Path $env:APPDATA 'vendor-ssm/config.toml'
    if (-not (Test-Path $file)) { throw "customer add did not write $file" }

    # A second read judges the folder's and the file's access lists.
    $customers = Invoke-Program 0 @('customer', 'list', '--output', 'json') | ConvertFrom-Json
    if ($customers.version -ne 1) { throw 'customer list printed another version than 1' }
    $history = Invoke-Program 0 @('history', '--output', 'json') | ConvertFrom-Json
    if ($history.sessions.Count -ne 0) { throw 'history printed sessions' }
    $template = Join-Path $folder 'vendor.yaml'
    Invoke-Program 0 @('kit', 'vendor') | Set-Content $template
    Invoke-Program 0 @('policy', 'check', $template) | Out-Null

    # PowerShell itself loads the completions.
    Invoke-Program 0 @('completions', 'powershell') | Out-String | Invoke-Expression

    # An unknown command is exit 2, and a file that is not there is exit 13.
    Invoke-Program 2 @('no-such-command') 2>$null | Out-Null
    Invoke-Program 13 @('policy', 'check', (Join-Path $folder 'missing.json')) 2>$null | Out-Null
} finally {
    Remove-Item -Recurse -Force $folder
}
Write-Output "$Program runs"
