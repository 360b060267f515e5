# PowerShell completion for vendor-ssm. vendor-ssm itself says what fits; see docs/settings.md.

Register-ArgumentCompleter -Native -CommandName 'vendor-ssm' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    # Each word begins with "=", since Windows PowerShell drops empty ones.
    $words = @()
    foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
        if ($element.Extent.EndOffset -ge $cursorPosition) { break }
        $value = $element.Extent.Text
        if ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) {
            $value = $element.Value
        }
        $words += "=$value"
    }
    $words += "=$wordToComplete"
    $before = $env:VENDOR_SSM_COMPLETE
    try {
        $env:VENDOR_SSM_COMPLETE = 'powershell'
        $lines = @(vendor-ssm -- @words 2>$null)
    } catch {
        $lines = @()
    } finally {
        $env:VENDOR_SSM_COMPLETE = $before
    }
    if ($lines.Count -gt 0 -and $lines[0] -eq ':files') {
        return [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete)
    }
    foreach ($line in $lines) {
        $value, $about = $line -split "`t", 2
        if (-not $about) { $about = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
    }
}
