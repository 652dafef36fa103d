module restore-drill/tools

go 1.23.0

require github.com/restic/restic v0.18.1
