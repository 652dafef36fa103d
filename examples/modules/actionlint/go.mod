module restore-drill/tools

go 1.21

require github.com/rhysd/actionlint v1.7.7
