//! The file in Python: run as a script, or imported as a module.

use super::Host;
use pyhw_cli::interpreter::Request;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

impl<'py> Host<'py> {
    /// The library is there, `myhdl` means it, and modules beside the file are found.
    pub(super) fn prepare(&self, request: &Request<'_>, args: &[OsString]) -> PyResult<PathBuf> {
        let py = self.py;
        py.import("pyhw")?;
        py.import("pyhw._hook")?.call_method0("install")?;
        let path = std::path::absolute(request.path)?;
        let sys = py.import("sys")?;
        let mut words = vec![request.path.as_os_str().to_owned()];
        words.extend(args.iter().cloned());
        sys.setattr("argv", words)?;
        let folder = path.parent().unwrap_or(Path::new("/"));
        sys.getattr("path")?.call_method1("insert", (0, folder.as_os_str()))?;
        Ok(path)
    }

    fn compile(&self, request: &Request<'_>, path: &Path) -> PyResult<Bound<'py, PyAny>> {
        let bytes = PyBytes::new(self.py, &request.source.bytes);
        self.py.import("pyhw._hook")?.call_method1("compiled", (bytes, path.as_os_str()))
    }

    /// Runs the file as a script. Its module stays, so that what it holds lives on.
    pub(super) fn run_script(&self, request: &Request<'_>, path: &Path) -> PyResult<Bound<'py, PyModule>> {
        let code = self.compile(request, path)?;
        let module = PyModule::new(self.py, "__main__")?;
        self.py.import("sys")?.getattr("modules")?.set_item("__main__", &module)?;
        self.execute(&module, &code, path)?;
        Ok(module)
    }

    /// Imports the file under its module name; one in a package as a part of that.
    pub(super) fn import(&self, request: &Request<'_>, path: &Path) -> PyResult<Bound<'py, PyModule>> {
        let py = self.py;
        let code = self.compile(request, path)?;
        let stem = path.file_stem().map_or_else(|| "design".into(), |stem| stem.to_string_lossy());
        let modules = py.import("sys")?.getattr("modules")?;
        let mut folder = path.parent();
        // No module of Python has a dot in its own name: the dot would make it a part of a package.
        let mut name = stem.replace('.', "_");
        let has_name_of_file = name == stem;
        while let Some(package) = folder.filter(|folder| folder.join("__init__.py").is_file()) {
            let Some(own) = package.file_name() else { break };
            name = format!("{}.{name}", own.to_string_lossy());
            folder = package.parent();
        }
        if let (Some((package, _)), Some(root)) = (name.rsplit_once('.'), folder) {
            py.import("sys")?.getattr("path")?.call_method1("insert", (0, root.as_os_str()))?;
            if has_name_of_file {
                return py.import(name);
            }
            py.import(package)?;
        }
        // A module of Python's own that is loaded already keeps its name.
        if modules.contains(&name)? {
            name = format!("{name}_");
        }
        let module = PyModule::new(py, &name)?;
        if let Some((package, _)) = name.rsplit_once('.') {
            module.setattr("__package__", package)?;
        }
        modules.set_item(&name, &module)?;
        self.execute(&module, &code, path)?;
        Ok(module)
    }

    fn execute(&self, module: &Bound<'py, PyModule>, code: &Bound<'py, PyAny>, path: &Path) -> PyResult<()> {
        let builtins = self.py.import("builtins")?;
        module.setattr("__file__", path.as_os_str())?;
        module.setattr("__builtins__", &builtins)?;
        builtins.call_method1("exec", (code, module.dict()))?;
        Ok(())
    }
}
